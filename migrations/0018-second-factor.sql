-- second-factor: sign-ins whose password was right and whose code is still to come. None of them is a session.
create table pending_sign_ins (
  id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique check (length(token_hash) = 32),
  account_id uuid not null references accounts on delete cascade,
  -- Of the password that was right: whoever knows only one from before gets no session.
  password_version integer not null,
  expires_at timestamptz not null,
  -- Where codes go while the account has no confirmed address; null until one is given.
  email text,
  canonical_email text collate "C",
  -- Why the code that was asked for last was not sent, and until when none will be; null when it was sent.
  unsent_because text,
  retry_at timestamptz
);
create index on pending_sign_ins (account_id);
create index on pending_sign_ins (expires_at);

-- second-factor: accounts whose owners want a code to be asked for at sign-in.
create table second_factors (
  account_id uuid primary key references accounts on delete cascade,
  email_otp_since timestamptz not null
);

-- attempts: until when no code is asked for on a known browser, and the version of the password that this goes with.
alter table known_devices
  add column trusted_until timestamptz,
  add column trusted_password_version integer;
