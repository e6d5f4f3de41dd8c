-- email-codes: short codes sent by mail. Each can be used up once, by the bearer (a session, a recovery) that asked for it.
create table email_codes (
  -- Grows: of the codes of a bearer the one with the greatest number is the newest, whatever the clocks of the nodes say.
  id bigint primary key generated always as identity,
  account_id uuid not null references accounts on delete cascade,
  purpose text not null,
  bearer_id uuid not null,
  email text not null,
  canonical_email text collate "C" not null,
  -- Keyed by the bearer's token, which stands nowhere in the database: so few digits could all be tried.
  code_hash bytea not null check (length(code_hash) = 32),
  tries_left integer not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on email_codes (account_id);
create index on email_codes (bearer_id, purpose, id desc);
create index on email_codes (expires_at);

-- email-codes: when an account asked for its latest codes.
create table email_code_asks (
  account_id uuid not null references accounts on delete cascade,
  purpose text not null,
  asked_at timestamptz[] not null,
  primary key (account_id, purpose)
);
