package webapp.backup.windows;

/**
 * What a window holds, or why that cannot be told.
 *
 * @param rows how many
 * @param checksum of the watched columns, whatever the order of the rows: 16 hexadecimal digits; null with an error
 * @param error null if it was measured
 */
public record MeasuredWindow(Window window, long rows, String checksum, String error) {

    static MeasuredWindow of(Window window, long rows, String checksum) {
        return new MeasuredWindow(window, rows, checksum, null);
    }

    static MeasuredWindow failed(Window window, String error) {
        return new MeasuredWindow(window, 0, null, error);
    }
}
