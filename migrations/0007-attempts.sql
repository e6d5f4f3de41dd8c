-- attempts: failed sign-ins in a row, and the browsers on which an account has signed in before.
create table failed_attempts (
  subject text collate "C" primary key,
  series uuid not null default gen_random_uuid(),
  account_id uuid references accounts on delete cascade,
  failures integer not null,
  last_failure_at timestamptz not null,
  cooldown_until timestamptz,
  locked_at timestamptz
);
create index on failed_attempts (account_id);
create index on failed_attempts (last_failure_at) where locked_at is null;

create table failed_addresses (
  address text collate "C" primary key,
  failures integer not null,
  window_ends_at timestamptz not null
);
create index on failed_addresses (window_ends_at);

create table known_devices (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts on delete cascade,
  token_hash bytea not null,
  last_used_at timestamptz not null,
  unique (token_hash, account_id)
);
create index on known_devices (account_id, last_used_at);
create index on known_devices (last_used_at);
