/** What closed windows of append-only tables hold, told in the database that is backed up and asked again in the one restored from it. */
package webapp.backup.windows;
