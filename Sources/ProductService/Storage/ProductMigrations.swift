import Persistence

/// The schema of the product service, step by step.
enum ProductMigrations {
    static let all: [Migration] = [catalogue, search, stock, versions]

    /// `products.number` is the order in which the shop took the products in: sorting by it is sorting by age, without
    /// an index. Short columns stand first, so that a scan over numbers reads no text.
    private static let catalogue = Migration(
        1, "create catalogue",
        """
        CREATE TABLE categories (
            id TEXT NOT NULL PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            parent_id TEXT REFERENCES categories (id),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX categories_by_parent ON categories (parent_id);

        CREATE TABLE products (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            price_minor_units INTEGER NOT NULL CHECK (price_minor_units >= 0),
            stock_quantity INTEGER NOT NULL DEFAULT 0 CHECK (stock_quantity >= 0),
            reserved_quantity INTEGER NOT NULL DEFAULT 0 CHECK (reserved_quantity >= 0),
            sold_quantity INTEGER NOT NULL DEFAULT 0 CHECK (sold_quantity >= 0),
            stocked_quantity INTEGER NOT NULL DEFAULT 0,
            version INTEGER NOT NULL DEFAULT 1,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            deleted_at INTEGER,
            currency TEXT NOT NULL,
            category TEXT REFERENCES categories (slug) ON UPDATE CASCADE,
            image_url TEXT,
            name TEXT NOT NULL COLLATE NOCASE,
            description TEXT NOT NULL,
            CHECK (category IS NOT NULL OR deleted_at IS NOT NULL)
        ) STRICT;
        CREATE INDEX products_by_category ON products (category) WHERE deleted_at IS NULL;
        CREATE INDEX products_by_category_price ON products (category, price_minor_units) WHERE deleted_at IS NULL;
        CREATE INDEX products_by_price ON products (price_minor_units) WHERE deleted_at IS NULL;
        CREATE INDEX products_by_name ON products (name) WHERE deleted_at IS NULL;
        """)

    /// The index holds tokens only and reads texts through the view; triggers keep it in step with every change, also
    /// with one made by hand. A name weighs ten times a description, a category four times.
    private static let search = Migration(
        2, "create product search",
        """
        CREATE VIEW searchable_products AS
            SELECT number, name, description, category FROM products WHERE deleted_at IS NULL;
        CREATE VIRTUAL TABLE product_search USING fts5 (
            name, description, category,
            content = 'searchable_products', content_rowid = 'number',
            tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
        );
        INSERT INTO product_search (product_search, rank) VALUES ('rank', 'bm25(10.0, 1.0, 4.0)');

        CREATE TRIGGER product_search_insert AFTER INSERT ON products WHEN new.deleted_at IS NULL BEGIN
            INSERT INTO product_search (rowid, name, description, category)
            VALUES (new.number, new.name, new.description, new.category);
        END;
        CREATE TRIGGER product_search_update
        AFTER UPDATE OF name, description, category, deleted_at ON products BEGIN
            INSERT INTO product_search (product_search, rowid, name, description, category)
            SELECT 'delete', old.number, old.name, old.description, old.category WHERE old.deleted_at IS NULL;
            INSERT INTO product_search (rowid, name, description, category)
            SELECT new.number, new.name, new.description, new.category WHERE new.deleted_at IS NULL;
        END;
        CREATE TRIGGER product_search_delete AFTER DELETE ON products WHEN old.deleted_at IS NULL BEGIN
            INSERT INTO product_search (product_search, rowid, name, description, category)
            VALUES ('delete', old.number, old.name, old.description, old.category);
        END;
        """)

    /// Every movement keeps what it did to each of the three counts, so that they can be told again from the ledger.
    private static let stock = Migration(
        3, "create stock ledger and reservations",
        """
        CREATE TABLE stock_movements (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            product INTEGER NOT NULL REFERENCES products (number),
            kind TEXT NOT NULL CHECK (
                kind IN ('received', 'adjusted', 'reserved', 'released', 'expired', 'sold', 'returned')),
            stock_delta INTEGER NOT NULL,
            reserved_delta INTEGER NOT NULL,
            sold_delta INTEGER NOT NULL,
            stock_after INTEGER NOT NULL,
            reason TEXT NOT NULL,
            order_id TEXT,
            actor_id TEXT,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX stock_movements_by_product ON stock_movements (product);

        CREATE TABLE reservations (
            order_id TEXT NOT NULL PRIMARY KEY,
            status TEXT NOT NULL CHECK (status IN ('held', 'confirmed', 'released', 'expired')),
            expires_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reservations_due ON reservations (expires_at) WHERE status = 'held';

        CREATE TABLE reservation_items (
            order_id TEXT NOT NULL REFERENCES reservations (order_id),
            position INTEGER NOT NULL,
            product INTEGER NOT NULL REFERENCES products (number),
            quantity INTEGER NOT NULL CHECK (quantity > 0),
            price_minor_units INTEGER NOT NULL,
            currency TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (order_id, position)
        ) STRICT, WITHOUT ROWID;
        """)

    /// Counts changes where every process on this file sees them: `listing_version` of what is listed, `stock_version`
    /// of how much there is. `epoch` tells a database made anew from the one before it.
    private static let versions = Migration(
        4, "count catalogue versions",
        """
        CREATE TABLE catalogue_state (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            epoch TEXT NOT NULL,
            listing_version INTEGER NOT NULL,
            stock_version INTEGER NOT NULL
        ) STRICT;
        INSERT INTO catalogue_state VALUES (1, lower(hex(randomblob(4))), 1, 1);

        CREATE TRIGGER catalogue_state_product_insert AFTER INSERT ON products BEGIN
            UPDATE catalogue_state SET listing_version = listing_version + 1, stock_version = stock_version + 1;
        END;
        CREATE TRIGGER catalogue_state_product_update
        AFTER UPDATE OF price_minor_units, currency, category, image_url, name, description, deleted_at ON products BEGIN
            UPDATE catalogue_state SET listing_version = listing_version + 1;
        END;
        CREATE TRIGGER catalogue_state_stock_update
        AFTER UPDATE OF stock_quantity, reserved_quantity, sold_quantity, stocked_quantity ON products BEGIN
            UPDATE catalogue_state SET stock_version = stock_version + 1;
        END;
        CREATE TRIGGER catalogue_state_category_insert AFTER INSERT ON categories BEGIN
            UPDATE catalogue_state SET listing_version = listing_version + 1;
        END;
        CREATE TRIGGER catalogue_state_category_update AFTER UPDATE ON categories BEGIN
            UPDATE catalogue_state SET listing_version = listing_version + 1;
        END;
        CREATE TRIGGER catalogue_state_category_delete AFTER DELETE ON categories BEGIN
            UPDATE catalogue_state SET listing_version = listing_version + 1;
        END;
        """)
}
