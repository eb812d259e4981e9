/** A double of RDS with scripted faults, for tests of what backs databases up: begin at {@link webapp.local.rds.RdsDouble}. */
package webapp.local.rds;
