import Persistence

/// The schema of `cart.sqlite`, step by step.
enum CartMigrations {
    static let all: [Migration] = [
        Migration(
            1, "create carts",
            """
            -- Times are microseconds since 1970.
            CREATE TABLE carts (
                user_id TEXT NOT NULL PRIMARY KEY,
                version INTEGER NOT NULL CHECK (version >= 1),
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX carts_by_last_touch ON carts (updated_at);

            -- `added_in` and `changed_in` are versions of the cart.
            CREATE TABLE cart_lines (
                user_id TEXT NOT NULL REFERENCES carts (user_id) ON DELETE CASCADE,
                product_id TEXT NOT NULL,
                quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
                added_in INTEGER NOT NULL,
                changed_in INTEGER NOT NULL,
                PRIMARY KEY (user_id, product_id)
            ) STRICT, WITHOUT ROWID;
            """)
    ]
}
