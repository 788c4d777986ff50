-- Rows, not tables: a reader that began before sees the old ones, one that begins after sees the new ones.
DELETE FROM public.nodes_read;
DELETE FROM public.threads_read;
DELETE FROM public.roles_read;
DELETE FROM public.messages_read;
INSERT INTO public.nodes_read
    (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at, holds_until,
     yarns, dissolved_at, last)
SELECT id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at, holds_until,
       yarns, dissolved_at, last
FROM rebuild.nodes_read;
INSERT INTO public.threads_read
    (id, kind, role, role_name, node, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version, acts,
     drawn_at, expires_at, faded_at, last)
SELECT id, kind, role, role_name, node, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version, acts,
       drawn_at, expires_at, faded_at, last
FROM rebuild.threads_read;
INSERT INTO public.roles_read
    (role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last)
SELECT role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last
FROM rebuild.roles_read;
INSERT INTO public.messages_read (id, node, nth, role, text, said_at, last)
SELECT id, node, nth, role, text, said_at, last
FROM rebuild.messages_read;
UPDATE public.checkpoints SET id = new.id, at = new.at
FROM rebuild.checkpoints new WHERE checkpoints.name = 'weave' AND new.name = 'weave';
