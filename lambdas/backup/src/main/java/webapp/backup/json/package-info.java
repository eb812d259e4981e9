/** Reads what ticks, functions and the module tell each other. */
package webapp.backup.json;
