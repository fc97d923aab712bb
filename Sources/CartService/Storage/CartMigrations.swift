import Persistence

/// The schema of `cart.sqlite`, step by step.
enum CartMigrations {
    static let all: [Migration] = [
        Migration(
            1, "create carts",
            """
            -- A cart is read and written as a whole, so it is one row: a change then touches one page.
            -- Times are microseconds since 1970; `touched_at` is right to the hour, so that few changes touch its index.
            -- `lines`: one line of text each: product, quantity, and the cart's versions when it was put in and changed last.
            CREATE TABLE carts (
                user_id TEXT NOT NULL PRIMARY KEY,
                version INTEGER NOT NULL CHECK (version >= 1),
                touched_at INTEGER NOT NULL,
                lines TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX carts_by_last_touch ON carts (touched_at);
            """)
    ]
}
