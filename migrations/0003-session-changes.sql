-- sessions: placeholder for what another branch brings.
select 1;
