-- Run by psql at every start of the embedded PostgreSQL, as its superuser. :password is the owner's.
\o /dev/null

select format('create role weltgewebe login password %L', :'password')
where not exists (select from pg_roles where rolname = 'weltgewebe')
\gexec

select 'create database weltgewebe owner weltgewebe template template0 encoding ''UTF8'''
where not exists (select from pg_database where datname = 'weltgewebe')
\gexec

\connect weltgewebe
create extension if not exists postgis;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- After an upgrade of the packages.
select format('alter extension %I update', name)
from pg_available_extensions
where name in ('postgis', 'pg_trgm', 'unaccent') and installed_version <> default_version
\gexec
