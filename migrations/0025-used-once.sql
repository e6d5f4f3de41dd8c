-- secrets: what all nodes share and nobody else knows; each room derives keys of its own from it. 244 random bits.
create table installation_secret (
  secret bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
    check (length(secret) = 32)
);
insert into installation_secret default values;

-- used-once: what was used and counts once, until it would count no more anyway.
create table used_once (
  -- What it is, such as a captcha: what is used as one thing is not as another.
  purpose text collate "C" not null,
  id bytea not null check (length(id) = 32),
  expires_at timestamptz not null,
  primary key (purpose, id)
);
create index on used_once (expires_at);

insert into used_once (purpose, id, expires_at)
select 'captcha', id, expires_at from used_captchas
union all
select 'webauthn challenge', challenge_hash, expires_at from answered_challenges
union all
select 'openid errand', state_hash, expires_at from returned_errands;

-- Nodes of the release before do not run beside those of this one (README, "Upgrade"), so nothing is left for them.
drop table used_captchas, answered_challenges, returned_errands, captcha_secret, webauthn_secret;
