-- Rows, not tables: a reader that began before sees the old ones, one that begins after sees the new ones. Only what differs
-- is written, which is nothing where nothing was wrong.
ANALYZE rebuild.nodes_read, rebuild.threads_read, rebuild.roles_read, rebuild.messages_read, rebuild.profiles_read,
        rebuild.standings_read, rebuild.vouches_read, rebuild.community_read, rebuild.node_versions_read;
DELETE FROM public.nodes_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.nodes_read new WHERE new.id = old.id
    AND ROW(new.id, new.kind, new.title, new.text, new.lat, new.lon, new.h3_index, new.owner, new.owner_name, new.version,
     new.created_at, new.starts_at, new.holds_until, new.yarns, new.dissolved_at, new.last, new.particulars, new.pictures, new.covers)
        IS NOT DISTINCT FROM
        ROW(old.id, old.kind, old.title, old.text, old.lat, old.lon, old.h3_index, old.owner, old.owner_name, old.version,
     old.created_at, old.starts_at, old.holds_until, old.yarns, old.dissolved_at, old.last, old.particulars, old.pictures, old.covers));
INSERT INTO public.nodes_read
    (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at, holds_until,
     yarns, dissolved_at, last, particulars, pictures, covers)
SELECT new.id, new.kind, new.title, new.text, new.lat, new.lon, new.h3_index, new.owner, new.owner_name, new.version,
       new.created_at, new.starts_at, new.holds_until, new.yarns, new.dissolved_at, new.last, new.particulars, new.pictures, new.covers
FROM rebuild.nodes_read new WHERE NOT EXISTS (SELECT FROM public.nodes_read old WHERE old.id = new.id);
DELETE FROM public.threads_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.threads_read new WHERE new.id = old.id
    AND ROW(new.id, new.kind, new.role, new.role_name, new.node, new.to_role, new.from_lat, new.from_lon, new.spool_h3_index, new.to_lat,
     new.to_lon, new.h3_index, new.version, new.acts, new.drawn_at, new.expires_at, new.faded_at, new.last, new.level, new.since)
        IS NOT DISTINCT FROM
        ROW(old.id, old.kind, old.role, old.role_name, old.node, old.to_role, old.from_lat, old.from_lon, old.spool_h3_index, old.to_lat,
     old.to_lon, old.h3_index, old.version, old.acts, old.drawn_at, old.expires_at, old.faded_at, old.last, old.level, old.since));
INSERT INTO public.threads_read
    (id, kind, role, role_name, node, to_role, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version, acts,
     drawn_at, expires_at, faded_at, last, level, since)
SELECT new.id, new.kind, new.role, new.role_name, new.node, new.to_role, new.from_lat, new.from_lon, new.spool_h3_index,
       new.to_lat, new.to_lon, new.h3_index, new.version, new.acts, new.drawn_at, new.expires_at, new.faded_at,
       new.last, new.level, new.since
FROM rebuild.threads_read new WHERE NOT EXISTS (SELECT FROM public.threads_read old WHERE old.id = new.id);
DELETE FROM public.roles_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.roles_read new WHERE new.role = old.role
    AND ROW(new.role, new.name, new.version, new.show, new.radius_m, new.lat, new.lon, new.h3_index, new.registered_at,
     new.acted_at, new.last)
        IS NOT DISTINCT FROM
        ROW(old.role, old.name, old.version, old.show, old.radius_m, old.lat, old.lon, old.h3_index, old.registered_at,
     old.acted_at, old.last));
INSERT INTO public.roles_read
    (role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last)
SELECT new.role, new.name, new.version, new.show, new.radius_m, new.lat, new.lon, new.h3_index, new.registered_at,
       new.acted_at, new.last
FROM rebuild.roles_read new WHERE NOT EXISTS (SELECT FROM public.roles_read old WHERE old.role = new.role);
DELETE FROM public.messages_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.messages_read new WHERE new.id = old.id
    AND ROW(new.id, new.node, new.nth, new.role, new.text, new.said_at, new.reply_to, new.changed_at, new.is_withdrawn, new.last)
        IS NOT DISTINCT FROM
        ROW(old.id, old.node, old.nth, old.role, old.text, old.said_at, old.reply_to, old.changed_at, old.is_withdrawn, old.last));
INSERT INTO public.messages_read
    (id, node, nth, role, text, said_at, reply_to, changed_at, is_withdrawn, last)
SELECT new.id, new.node, new.nth, new.role, new.text, new.said_at, new.reply_to, new.changed_at, new.is_withdrawn, new.last
FROM rebuild.messages_read new WHERE NOT EXISTS (SELECT FROM public.messages_read old WHERE old.id = new.id);
DELETE FROM public.profiles_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.profiles_read new WHERE new.role = old.role
    AND ROW(new.role, new.about, new.goods, new.skills, new.languages, new.picture, new.last)
        IS NOT DISTINCT FROM
        ROW(old.role, old.about, old.goods, old.skills, old.languages, old.picture, old.last));
INSERT INTO public.profiles_read
    (role, about, goods, skills, languages, picture, last)
SELECT new.role, new.about, new.goods, new.skills, new.languages, new.picture, new.last
FROM rebuild.profiles_read new WHERE NOT EXISTS (SELECT FROM public.profiles_read old WHERE old.role = new.role);
DELETE FROM public.standings_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.standings_read new WHERE new.role = old.role
    AND ROW(new.weaver_since, new.is_granted, new.admin_since, new.last)
        IS NOT DISTINCT FROM ROW(old.weaver_since, old.is_granted, old.admin_since, old.last));
INSERT INTO public.standings_read (role, weaver_since, is_granted, admin_since, last)
SELECT new.role, new.weaver_since, new.is_granted, new.admin_since, new.last
FROM rebuild.standings_read new WHERE NOT EXISTS (SELECT FROM public.standings_read old WHERE old.role = new.role);
DELETE FROM public.vouches_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.vouches_read new
    WHERE new.role = old.role AND new.by_role = old.by_role AND new.given = old.given);
INSERT INTO public.vouches_read (role, by_role, given)
SELECT new.role, new.by_role, new.given FROM rebuild.vouches_read new WHERE NOT EXISTS (
    SELECT FROM public.vouches_read old WHERE old.role = new.role AND old.by_role = new.by_role);
DELETE FROM public.community_read;
INSERT INTO public.community_read (one, vouches_needed, name, lat, lon, radius_m, last)
SELECT one, vouches_needed, name, lat, lon, radius_m, last FROM rebuild.community_read;
DELETE FROM public.node_versions_read old WHERE NOT EXISTS (
    SELECT FROM rebuild.node_versions_read new WHERE new.node = old.node AND new.version = old.version
    AND ROW(new.role, new.at, new.kind, new.title, new.text, new.lat, new.lon, new.starts_at, new.pictures, new.last, new.particulars)
        IS NOT DISTINCT FROM
        ROW(old.role, old.at, old.kind, old.title, old.text, old.lat, old.lon, old.starts_at, old.pictures, old.last, old.particulars));
INSERT INTO public.node_versions_read
    (node, version, role, at, kind, title, text, lat, lon, starts_at, pictures, last, particulars)
SELECT new.node, new.version, new.role, new.at, new.kind, new.title, new.text, new.lat, new.lon, new.starts_at, new.pictures, new.last, new.particulars
FROM rebuild.node_versions_read new
WHERE NOT EXISTS (SELECT FROM public.node_versions_read old WHERE old.node = new.node AND old.version = new.version);
UPDATE public.checkpoints SET id = new.id, at = new.at
FROM rebuild.checkpoints new WHERE checkpoints.name = 'weave' AND new.name = 'weave';
-- Told once it is committed: who keeps what was read before forgets it.
SELECT pg_notify('weltgewebe_rebuilt', '');
