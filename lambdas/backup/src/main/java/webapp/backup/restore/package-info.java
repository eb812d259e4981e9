/** Tells a person how to restore a snapshot: docs/runbooks/restore.md. */
package webapp.backup.restore;
