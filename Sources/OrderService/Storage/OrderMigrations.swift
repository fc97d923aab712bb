import Persistence

/// The schema of `order.sqlite`, step by step.
enum OrderMigrations {
    static let all: [Migration] = [
        Migration(
            1, "create orders, payments, sagas and idempotency keys",
            """
            -- Times are microseconds since 1970, money is in minor units of its currency.
            CREATE TABLE orders (
                id TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
                payment_method TEXT NOT NULL,
                -- Null until the stock is reserved.
                currency TEXT,
                total INTEGER CHECK (total >= 0),
                -- JSON: a string or an object.
                shipping_address TEXT,
                tracking_number TEXT,
                cancel_reason TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK ((total IS NULL) = (currency IS NULL)),
                CHECK (total IS NOT NULL OR status IN ('pending', 'cancelled')),
                CHECK ((cancel_reason IS NULL) = (status <> 'cancelled'))
            ) STRICT;
            CREATE INDEX orders_of_user ON orders (user_id, id);
            CREATE INDEX orders_of_user_by_status ON orders (user_id, status, id);
            CREATE INDEX orders_by_status ON orders (status, id);
            CREATE INDEX orders_by_change ON orders (updated_at, id);

            CREATE TABLE order_lines (
                order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                product_id TEXT NOT NULL,
                quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
                -- Null until the stock is reserved.
                name TEXT,
                unit_price INTEGER CHECK (unit_price >= 0),
                PRIMARY KEY (order_id, position)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE order_events (
                order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                kind TEXT NOT NULL,
                status TEXT NOT NULL,
                detail TEXT,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (order_id, position)
            ) STRICT, WITHOUT ROWID;

            -- At most one for each order, so that none is charged twice.
            CREATE TABLE payments (
                order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
                status TEXT NOT NULL CHECK (status IN ('captured', 'declined', 'unknown', 'refunded', 'voided')),
                method TEXT NOT NULL,
                amount INTEGER NOT NULL CHECK (amount >= 0),
                currency TEXT NOT NULL,
                reference TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- What is still to be done; a finished order has no row.
            CREATE TABLE sagas (
                order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
                step TEXT NOT NULL,
                owes_refund INTEGER NOT NULL,
                owes_release INTEGER NOT NULL,
                cart_version INTEGER,
                attempts INTEGER NOT NULL,
                due_at INTEGER NOT NULL,
                traceparent TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sagas_by_due_time ON sagas (due_at);

            -- `status` and `answer` are null while nothing final has come of the order.
            CREATE TABLE idempotency_keys (
                user_id TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                order_id TEXT NOT NULL,
                status INTEGER,
                answer BLOB,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, key)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX idempotency_keys_of_order ON idempotency_keys (order_id);
            CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

            -- The books of the simulated payment provider. Nothing but the provider looks here.
            CREATE TABLE simulated_charges (
                id TEXT NOT NULL PRIMARY KEY,
                status TEXT NOT NULL CHECK (status IN ('captured', 'declined', 'refunded', 'voided')),
                amount INTEGER NOT NULL CHECK (amount >= 0),
                currency TEXT NOT NULL,
                decline_reason TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
    ]
}
