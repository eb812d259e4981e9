/** Snapshots of databases, their copies in a second region, exports to S3, and the drills that prove them. */
package webapp.backup;
