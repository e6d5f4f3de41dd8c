-- accounts: names of accounts that were removed. Apps know people by their names: whoever got one again would be taken for
-- whom it was before.
create table retired_usernames (
  -- SHA-256 of the canonical name: of somebody who wanted to be forgotten no more is kept than is needed.
  username_hash bytea primary key check (length(username_hash) = 32),
  retired_at timestamptz not null
);
