-- webauthn: what challenges are signed with, the same for all nodes: 244 random bits.
create table webauthn_secret (
  secret bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
    check (length(secret) = 32)
);
insert into webauthn_secret default values;

-- webauthn: challenges that were answered, kept for as long as the answer could come again.
create table answered_challenges (
  challenge_hash bytea primary key check (length(challenge_hash) = 32),
  expires_at timestamptz not null
);
create index on answered_challenges (expires_at);

-- webauthn: as whom authenticators know an account: random bytes, of which nothing can be told.
create table user_handles (
  account_id uuid primary key references accounts on delete cascade,
  user_handle bytea not null unique check (length(user_handle) = 64)
);

-- webauthn: public keys of passkeys.
create table webauthn_credentials (
  id uuid primary key default gen_random_uuid(),
  -- By which authenticators know it: Web Authentication, section 4, "Credential ID".
  credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
  account_id uuid not null references accounts on delete cascade,
  -- In COSE_Key format, RFC 9052.
  public_key bytea not null,
  -- Signatures that the authenticator has told of; 0 where it does not count.
  sign_count bigint not null,
  transports text[] not null,
  name text not null,
  -- Whether copies of it are kept elsewhere, such as in an account at the maker of the device.
  is_backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index on webauthn_credentials (account_id);
