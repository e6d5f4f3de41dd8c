-- authenticator-app: the app that an account shows codes of at sign-in (RFC 6238).
create table authenticator_apps (
  account_id uuid primary key references accounts on delete cascade,
  secret bytea not null,
  -- Whether the secret is sealed by the operator's key.
  is_sealed boolean not null,
  since timestamptz not null,
  -- Of the last code that was accepted: none counts twice, nor one from before it.
  last_step bigint not null
);

-- authenticator-app: apps that are being set up, each in one session, and count for nothing yet.
create table authenticator_enrolments (
  session_id uuid primary key references sessions on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  secret bytea not null,
  is_sealed boolean not null,
  expires_at timestamptz not null
);
create index on authenticator_enrolments (account_id);
create index on authenticator_enrolments (expires_at);

-- authenticator-app: what stands in for the app when it is lost; a code is gone once it was used.
create table recovery_codes (
  account_id uuid not null references accounts on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  primary key (account_id, code_hash)
);
