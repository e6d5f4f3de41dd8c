-- email-codes: when codes were asked for lately, by each of those whose asks are counted together: an account, a known
-- browser of it, an address whatever the account. Not tied to accounts: deleting one must not begin a new count.
drop table email_code_asks;
create table email_code_asks (
  -- Holds the SHA-256 of an address, not the address.
  subject text collate "C" primary key,
  asked_at timestamptz[] not null
);

-- recovery: the answers to security questions that were given so far, sealed with the token.
alter table recoveries add column sealed_answers bytea;

-- attempts: how many cooldowns a subject has had since it last succeeded; each can be longer than the one before.
alter table failed_attempts add column cooldowns integer not null default 0;

-- email-codes: the SHA-256 of the token that a code is keyed by. Without it a right code, typed after the session got a new
-- token, would be a wrong one. Codes last for minutes: those under way are asked for again.
delete from email_codes;
alter table email_codes add column bearer_hash bytea not null check (length(bearer_hash) = 32);
