package webapp.local.rds;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes an XML document, element by element; a null value is no element. */
final class Xml {
    private final StringBuilder text;

    Xml(int capacity) {
        text = new StringBuilder(capacity);
    }

    Xml open(String name) {
        text.append('<').append(name).append('>');
        return this;
    }

    Xml open(String name, String namespace) {
        text.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
        return this;
    }

    Xml close(String name) {
        text.append("</").append(name).append('>');
        return this;
    }

    Xml add(String name, String value) {
        if (value != null) {
            open(name);
            escape(value);
            close(name);
        }
        return this;
    }

    Xml add(String name, boolean value) {
        return add(name, value ? "true" : "false");
    }

    Xml add(String name, long value) {
        return add(name, Long.toString(value));
    }

    Xml add(String name, Instant value) {
        return value == null ? this : add(name, value.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append("&quot;");
                case '\r' -> text.append("&#13;");
                default -> text.append(c);
            }
        }
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
