package webapp.api.paging;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import webapp.core.http.Request;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/**
 * Which page of a list is asked for, by the parameters {@code limit} and {@code cursor}.
 *
 * @param limit the most entries of the page
 * @param cursor null for the first page
 */
public record PageRequest(int limit, String cursor) {
    private static final int DEFAULT_LIMIT = 50;

    /** 1-100, as the contract says. */
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

    /** @throws ProblemException 400 if a parameter is given twice, or limit is no number from 1 to 100 */
    public static PageRequest of(Request request) {
        String limit = request.parameter("limit");
        if (limit != null && !LIMIT.matcher(limit).matches()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter limit must be a whole number from 1 to 100.");
        }
        return new PageRequest(limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit), request.parameter("cursor"));
    }

    /**
     * @param first what stands before every entry of the list
     * @throws ProblemException 400 if the cursor is not one of a list of UUIDs
     */
    public UUID after(UUID first) {
        return cursor == null ? first : Cursor.id(cursor);
    }

    /**
     * @param form of the list's ids
     * @return the id after which the page begins, empty for the first page
     * @throws ProblemException 400 if the cursor is not one of such a list
     */
    public String after(Pattern form) {
        return cursor == null ? "" : Cursor.text(cursor, form);
    }

    /** How many entries to look for: one more than is shown tells whether there is another page. */
    public int lookedFor() {
        return limit + 1;
    }

    /** @param found the entries after the cursor, {@link #lookedFor} at most */
    public <T> Page<T> page(List<T> found) {
        boolean more = found.size() > limit;
        return new Page<>(more ? found.subList(0, limit) : found, more);
    }
}
