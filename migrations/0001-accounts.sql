-- accounts: who exists.
create table accounts (
  id uuid primary key default gen_random_uuid(),
  username text not null,
  canonical_username text collate "C" not null unique,
  email text,
  canonical_email text collate "C" unique,
  password_hash text not null,
  created_at timestamptz not null,
  check ((email is null) = (canonical_email is null))
);
