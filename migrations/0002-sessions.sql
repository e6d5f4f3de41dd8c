-- sessions: who is signed in where. A row is known by the SHA-256 of its token; the token itself is never stored.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique check (length(token_hash) = 32),
  account_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at)
);

create index sessions_account_id on sessions (account_id);
create index sessions_expires_at on sessions (expires_at);
