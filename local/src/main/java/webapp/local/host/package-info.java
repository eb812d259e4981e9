/**
 * Runs deployed functions on a laptop as Lambda runs them: AWS's own runtime interface client, one process for each concurrent event, and
 * region, environment, handler, memory, timeout and role from what was deployed. Everything it writes is below one directory.
 * Were the host itself killed, its processes would end by themselves within seconds, for want of a Runtime API.
 *
 * <h2>What differs from Lambda</h2>
 * <ul>
 *   <li>A process is not frozen between events, and not moved to another machine. It sees the laptop's file system and network.
 *   <li>The JDK, the architecture and the speed are the laptop's; memory buys no processor share. It bounds the Java heap (85 % of the
 *       memory size; an exhausted one is the error {@code java.lang.OutOfMemoryError}) and, looked at twenty times a second while the
 *       process works, its anonymous memory: above the memory size it is killed, and the error is {@code Runtime.OutOfMemory}. Pages of
 *       files, which the kernel takes back first, and what child processes take are not counted.
 *   <li>The class directory is writable, and shared by the processes of one build.
 *   <li>An initialisation above ten seconds is started once more within the function's timeout, as on Lambda; one that fails is not
 *       repeated. It runs in the invocation that needs it, and does not count against that invocation's timeout.
 *   <li>SnapStart is played: each process initialises, runs the hooks before the checkpoint, is restored at once and runs the hooks
 *       after it. So hooks and credentials behave as after a restore; time is not saved, and a failing hook fails the invocation, not
 *       the publication. State that must not be shared by restored copies (random seeds, identifiers) is not caught.
 *   <li>Each version of a function runs up to ten processes; reserved concurrency is not read.
 *   <li>Logs go to one file a function, with platform lines as text in both log formats. A process that starts while the role may not write
 *       logs has none; on AWS that is so for running ones too.
 *   <li>No layers, extensions, response streaming, client context, Cognito identity, or ephemeral storage limit.
 * </ul>
 */
package webapp.local.host;
