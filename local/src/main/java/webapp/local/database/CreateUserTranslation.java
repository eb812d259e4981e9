package webapp.local.database;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns {@code IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'} of CREATE USER and ALTER USER into a password, because MariaDB
 * has no such plugin
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Creating a database
 * account using IAM authentication</a>). Every other form reaches the server as it is, which then names the plugin it lacks.
 */
final class CreateUserTranslation {
    private static final String PLUGIN = "AWSAUTHENTICATIONPLUGIN";

    /** Comments and blanks, quoted text, words, and single characters, in this order. */
    private static final Pattern TOKEN = Pattern.compile("(?s)(?<blank>\\s+|/\\*.*?\\*/|#[^\\n]*|--(?=\\s|\\z)[^\\n]*)"
            + "|(?<quoted>'(?:[^'\\\\]|\\\\.|'')*+'|\"(?:[^\"\\\\]|\\\\.|\"\")*+\"|`(?:[^`]|``)*+`)"
            + "|(?<word>[\\w$.\\x80-\\xff]+)|(?<other>.)");

    private CreateUserTranslation() {}

    private record Token(String text, boolean quoted, int start, int end) {
        boolean is(String word) {
            return !quoted && text.equalsIgnoreCase(word);
        }

        /** The text without quotes and their escapes. */
        String value() {
            if (!quoted) {
                return text;
            }
            String quote = text.substring(0, 1);
            String inner = text.substring(1, text.length() - 1).replace(quote + quote, quote);
            return quote.equals("`") ? inner : inner.replaceAll("(?s)\\\\(.)", "$1");
        }
    }

    /**
     * Translates a statement, or several separated by semicolons.
     *
     * @param sql      the statement's bytes, in an encoding that keeps ASCII
     * @param password gives the password of an IAM user
     * @return the translated bytes, or {@code sql} itself when there is nothing to translate
     */
    static byte[] translate(byte[] sql, UnaryOperator<String> password) {
        // ISO 8859-1 keeps every byte what it is, whatever the connection's encoding.
        String text = new String(sql, StandardCharsets.ISO_8859_1);
        if (!text.toUpperCase(Locale.ROOT).contains(PLUGIN)) {
            return sql;
        }
        List<Token> tokens = tokens(text);
        StringBuilder translated = new StringBuilder();
        int copied = 0;
        int statement = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is(";")) {
                statement = i + 1;
            } else if (isPluginClause(tokens, i) && createsUser(tokens, statement)) {
                String user = new String(user(tokens, statement, i).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                translated.append(text, copied, tokens.get(i).start()).append("IDENTIFIED BY '").append(password.apply(user)).append('\'');
                i += 4;
                copied = tokens.get(i).end();
            }
        }
        translated.append(text, copied, text.length());
        return translated.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            if (matcher.group("blank") == null) {
                tokens.add(new Token(matcher.group(), matcher.group("quoted") != null, matcher.start(), matcher.end()));
            }
        }
        return tokens;
    }

    private static boolean createsUser(List<Token> tokens, int start) {
        return start + 1 < tokens.size() && (tokens.get(start).is("CREATE") || tokens.get(start).is("ALTER")) && tokens.get(start + 1).is("USER");
    }

    /** Whether the five tokens from {@code i} on are IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'. */
    private static boolean isPluginClause(List<Token> tokens, int i) {
        return i + 4 < tokens.size() && tokens.get(i).is("IDENTIFIED") && tokens.get(i + 1).is("WITH")
                && tokens.get(i + 2).value().equalsIgnoreCase(PLUGIN)
                && tokens.get(i + 3).is("AS") && tokens.get(i + 4).quoted() && tokens.get(i + 4).value().equals("RDS");
    }

    /** The user named just before {@code clause}: the first name after the key words or the last comma. */
    private static String user(List<Token> tokens, int statement, int clause) {
        int name = clause - 1;
        if (name - 2 > statement && tokens.get(name - 1).is("@")) {
            name -= 2;
        }
        return tokens.get(name).value();
    }
}
