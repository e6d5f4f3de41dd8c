-- tokens: the keys that sign access tokens, for all nodes. The newest whose time has come signs; the others are published.
create table signing_keys (
  kid text collate "C" primary key,
  public_jwk jsonb not null,
  -- As JSON; sealed when the operator has given a secret for it.
  private_jwk bytea not null,
  is_sealed boolean not null,
  created_at timestamptz not null,
  signs_from timestamptz not null
);

-- tokens: refresh tokens, known by their SHA-256. Those of a session are one family: each but the newest was used, and ends
-- with the session.
create table refresh_tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  -- Of the password that the session was opened with; a token from before a change of it counts for nothing.
  password_version integer not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- The token that took its place, readable with this one alone.
  sealed_successor bytea,
  check ((used_at is null) = (sealed_successor is null))
);
create index on refresh_tokens (session_id, used_at);
create index on refresh_tokens (expires_at);
