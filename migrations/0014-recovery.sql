-- recovery-passkey, security-questions, reset-codes, recovery: the ways back into an account, and those who are on one.
-- `sealed` is a passkey that its owner has not saved yet; only the token of the session it was made for opens it. Without
-- a hash there is none that counts; the row tells that the account is not new.
create table recovery_passkeys (
  account_id uuid primary key references accounts on delete cascade,
  passkey_hash bytea check (length(passkey_hash) = 32),
  created_at timestamptz not null,
  saved_at timestamptz,
  session_id uuid references sessions on delete set null,
  sealed bytea,
  is_replacement boolean not null default false,
  was_saved_before boolean not null default false
);
create index on recovery_passkeys (session_id);

-- security-questions: one hash over all three answers, so that none can be guessed by itself.
create table security_questions (
  account_id uuid primary key references accounts on delete cascade,
  questions text[] not null check (cardinality(questions) = 3),
  answers_hash text not null,
  created_at timestamptz not null
);

-- reset-codes: one-time codes that the operator hands out.
create table reset_codes (
  account_id uuid primary key references accounts on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  expires_at timestamptz not null
);

-- recovery: `account_id` is null for a name that nobody has; `name_hash` is the SHA-256 of the name in either case.
create table recoveries (
  id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique check (length(token_hash) = 32),
  account_id uuid references accounts on delete cascade,
  name_hash bytea not null check (length(name_hash) = 32),
  started_at timestamptz not null,
  expires_at timestamptz not null,
  proved_by text,
  password_version integer,
  check ((proved_by is null) = (password_version is null))
);
create index on recoveries (account_id);
create index on recoveries (expires_at);

-- security-questions: chooses which ones a name without any is asked: always the same, other ones at each installation.
create table recovery_disguise (
  seed uuid not null default gen_random_uuid()
);
insert into recovery_disguise default values;
