-- The private side of people: accounts, how they sign in, their sessions and the letters to them. Kept tables.

CREATE TABLE accounts (
    id uuid NOT NULL,
    -- Trimmed and in lower case.
    email text NOT NULL,
    role uuid,
    made_at timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_email_once UNIQUE (email),
    CONSTRAINT accounts_role_once UNIQUE (role)
);

CREATE TABLE logins (
    id uuid NOT NULL,
    email text NOT NULL,
    token_hash bytea NOT NULL,
    code_hash bytea NOT NULL,
    -- Keyed; for the limit per address alone.
    asker_hash bytea NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    used_at timestamptz,
    CONSTRAINT logins_pkey PRIMARY KEY (id),
    CONSTRAINT logins_token_once UNIQUE (token_hash)
);
CREATE INDEX logins_email ON logins (email, made_at);
CREATE INDEX logins_asker ON logins (asker_hash, made_at);

CREATE TABLE sessions (
    token_hash bytea NOT NULL,
    account uuid NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT sessions_account FOREIGN KEY (account) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_account ON sessions (account);

CREATE TABLE mails (
    id uuid NOT NULL,
    kind text NOT NULL,
    to_email text NOT NULL,
    lang text NOT NULL,
    -- Code and link; emptied when it is sent.
    body jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    -- After that nobody can use it, and it is thrown away.
    expires_at timestamptz NOT NULL,
    -- Not to be tried before: also how one instance keeps it from the others while it sends.
    next_try_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    sent_at timestamptz,
    CONSTRAINT mails_pkey PRIMARY KEY (id),
    CONSTRAINT mails_kind CHECK (kind IN ('login')),
    CONSTRAINT mails_lang CHECK (lang IN ('de', 'en'))
);
CREATE INDEX mails_waiting ON mails (next_try_at) WHERE sent_at IS NULL;
