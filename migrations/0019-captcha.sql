-- captcha: what challenges and questions are signed and sealed with, the same for all nodes: 244 random bits.
create table captcha_secret (
  secret bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
    check (length(secret) = 32)
);
insert into captcha_secret default values;

-- captcha: solutions that were tried, kept for as long as they could be tried again.
create table used_captchas (
  id bytea primary key check (length(id) = 32),
  expires_at timestamptz not null
);
create index on used_captchas (expires_at);
