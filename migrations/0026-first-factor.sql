-- webauthn: whether the authenticator has verified its owner beside another factor, or when the passkey was made: Web
-- Authentication, section 4, "uvInitialized". Only then is that a factor. Of passkeys from before nobody knows.
alter table webauthn_credentials
  add column uv_initialized boolean not null default false,
  -- Whether it may be kept elsewhere, too, which never changes (section 6.1.3); null until it has signed since.
  add column backup_eligible boolean;

-- second-factor: the passkey that was shown in the place of the password; what it has begun ends with it.
alter table pending_sign_ins
  add column credential_id uuid references webauthn_credentials on delete cascade,
  -- Whether its authenticator has verified its owner, which counts when the second step was taken.
  add column has_new_uv boolean not null default false;
create index on pending_sign_ins (credential_id);

-- security-events: by what the sign-in began that an event is of: password, passkey or provider; null where that is not
-- known, or it is of none.
alter table security_events add column first_factor text;
