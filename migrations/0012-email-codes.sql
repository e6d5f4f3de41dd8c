-- email-codes: short codes sent by mail. Each can be used up once, by the bearer (a session, a recovery) that asked for it.
create table email_codes (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts on delete cascade,
  purpose text not null,
  bearer_id uuid not null,
  email text not null,
  canonical_email text collate "C" not null,
  code_hash bytea not null check (length(code_hash) = 32),
  tries_left integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on email_codes (account_id, created_at);
create index on email_codes (bearer_id, purpose, created_at desc);
create index on email_codes (expires_at);
