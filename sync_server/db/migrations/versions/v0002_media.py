"""Schema 2: uploads on their way, and which report names a photo."""

from alembic import op

from sync_server.db.migrations.versions.v0001_first import WALLS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# ``sealed_bytes`` is how much of the half file on the disk was acknowledged.
_UPLOADS = """
CREATE TABLE media_uploads (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL UNIQUE,
  device_id uuid NOT NULL REFERENCES devices (id), sha256 text NOT NULL,
  size_bytes bigint NOT NULL, offset_bytes bigint NOT NULL DEFAULT 0,
  sealed_bytes bigint NOT NULL DEFAULT 0, expires_at timestamptz NOT NULL,
  PRIMARY KEY (city_id, device_id, sha256)
);
CREATE INDEX media_uploads_expire ON media_uploads (expires_at);
CREATE INDEX reports_media ON reports USING gin (media jsonb_path_ops) WHERE media <> '[]';
"""


def upgrade() -> None:
    """Add what media needs, behind the same walls as the media themselves."""
    op.execute(_UPLOADS)
    op.execute("ALTER TABLE media_uploads ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY wall ON media_uploads USING ({WALLS['media']})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON media_uploads TO trafficdesk_app")


def downgrade() -> None:
    """Forget the uploads on their way; what is stored stays."""
    op.execute("DROP TABLE media_uploads")
    op.execute("DROP INDEX reports_media")
