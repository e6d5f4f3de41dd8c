-- accounts: whether anybody knows a password of the account. Of one that came by another service nobody does: its hash is
-- that of no password, so that trying one is like trying a wrong one.
alter table accounts add column has_password boolean not null default true;

-- openid-sign-in: as whom people are known to other services. Never found by e-mail address, which may change hands.
create table linked_identities (
  issuer text collate "C" not null,
  subject text collate "C" not null,
  account_id uuid not null references accounts on delete cascade,
  linked_at timestamptz not null,
  primary key (issuer, subject),
  -- One of each service is enough for anybody.
  unique (account_id, issuer)
);

-- openid-sign-in: people whom another service has told of, and who have still to choose a username.
create table newcomers (
  token_hash bytea primary key check (length(token_hash) = 32),
  issuer text collate "C" not null,
  subject text collate "C" not null,
  username text not null,
  email text not null,
  expires_at timestamptz not null
);
create index on newcomers (expires_at);

-- openid-sign-in: errands that have come back from another service once, until they could not any more.
create table returned_errands (
  state_hash bytea primary key check (length(state_hash) = 32),
  expires_at timestamptz not null
);
create index on returned_errands (expires_at);
