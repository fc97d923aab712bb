import Persistence

/// The schema of `user.sqlite`, step by step.
enum UserMigrations {
    static let all: [Migration] = [
        Migration(
            1, "create accounts, sessions and signing keys",
            """
            CREATE TABLE users (
                id TEXT NOT NULL PRIMARY KEY,
                email TEXT NOT NULL UNIQUE,
                name TEXT,
                first_name TEXT,
                last_name TEXT,
                role TEXT NOT NULL CHECK (role IN ('customer', 'admin')),
                password_hash TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX users_admins ON users (role) WHERE role = 'admin';

            -- All tokens that descend from one login. `generation` is that of the one good token; ended families are
            -- deleted.
            CREATE TABLE token_families (
                id TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                generation INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX token_families_of_user ON token_families (user_id, created_at, id);
            CREATE INDEX token_families_by_expiry ON token_families (expires_at);

            -- The good token of each family, and spent ones for as long as a second use can be told.
            CREATE TABLE refresh_tokens (
                digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
                family_id TEXT NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
                generation INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                UNIQUE (family_id, generation)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

            CREATE TABLE signing_keys (
                id TEXT NOT NULL PRIMARY KEY,
                pem TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                signs_from INTEGER NOT NULL UNIQUE
            ) STRICT, WITHOUT ROWID;
            """)
    ]
}
