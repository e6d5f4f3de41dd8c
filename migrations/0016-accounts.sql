-- accounts: the names that accounts have or had. Apps know people by their names: whoever got one again would be taken for
-- whom it was before.
create table taken_usernames (
  -- SHA-256 of the canonical name: of somebody who wanted to be forgotten no more is kept than is needed.
  username_hash bytea primary key check (length(username_hash) = 32)
);
insert into taken_usernames (username_hash)
select sha256(convert_to(canonical_username, 'UTF8'))
from accounts;

-- accounts: when the password was last set anew otherwise than by mail. An address that was confirmed before that is no way
-- back until it is confirmed again: whoever knew the former password may have put it there.
alter table accounts add column ways_back_since timestamptz;
