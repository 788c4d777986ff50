-- Whether this is an invented neighbourhood for trying things out. Kept: whoever restores a demo restores a demo.

CREATE TABLE demo (
    one boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one),
    -- The first moment of its story; filling that was cut off goes on with the same one.
    began_at timestamptz NOT NULL,
    is_filled boolean NOT NULL DEFAULT false
);
