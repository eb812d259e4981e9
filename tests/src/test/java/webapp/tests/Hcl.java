package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads as much of Terraform's language as it takes to see which keys are written where: blocks, attributes, object and list literals,
 * calls (types are written as calls, too), strings and references. Every other expression is {@link Opaque}.
 */
final class Hcl {
    sealed interface Value {}

    record Literal(Map<String, Value> keys) implements Value {}

    record Items(List<Value> values) implements Value {}

    record Call(String function, List<Value> arguments) implements Value {}

    /** A name with its steps and no index, such as {@code var.database.migrator}. */
    record Reference(String name) implements Value {}

    /** An expression of several parts, such as the branches of a condition; any of those listed may become the value. */
    record Parts(List<Value> values) implements Value {}

    /** A quoted string, as it is written. */
    record Text(String value) implements Value {}

    /** The lines of a heredoc, without the indentation they share when it is written with {@code <<-}. */
    record Heredoc(String value) implements Value {}

    record Opaque() implements Value {}

    /** A block with its attributes, as values and as they are written, and the blocks in it. */
    record Block(String type, List<String> labels, Map<String, Value> attributes, Map<String, String> written, List<Block> blocks) {
        String label() {
            return labels.getFirst();
        }

        List<Block> blocks(String type) {
            return blocks.stream().filter(block -> block.type().equals(type)).toList();
        }
    }

    private static final Opaque OPAQUE = new Opaque();
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*");
    private static final Pattern HEREDOC = Pattern.compile("<<(-?)([A-Za-z_]+)\\n");

    private final String text;
    private int at;
    private int termEnd;

    private Hcl(String text) {
        this.text = text;
    }

    /** The content of a .tf or .tfvars file, as a block without a type. */
    static Block parse(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    static Block parse(String text) {
        return new Hcl(text).body("", List.of(), '\0');
    }

    private Block body(String type, List<String> labels, char end) {
        Map<String, Value> attributes = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        List<Block> blocks = new ArrayList<>();
        for (skip(true); peek() != end; skip(true)) {
            String name = name();
            skip(false);
            if (peek() == '=') {
                at++;
                skip(false);
                int from = at;
                attributes.put(name, expression(false));
                written.put(name, text.substring(from, termEnd));
                continue;
            }
            List<String> of = new ArrayList<>();
            for (; peek() == '"'; skip(false)) {
                of.add(string());
            }
            take('{');
            blocks.add(body(name, of, '}'));
            take('}');
        }
        return new Block(type, labels, attributes, written, blocks);
    }

    /** Up to a comma, a closing bracket or, unless inside round or square brackets, the end of the line. */
    private Value expression(boolean overLines) {
        List<Value> parts = new ArrayList<>();
        int opaque = 0;
        boolean afterTerm = false;
        for (skip(overLines); !ends(overLines); skip(overLines)) {
            Matcher heredoc = HEREDOC.matcher(text).region(at, text.length());
            Matcher name = NAME.matcher(text).region(at, text.length());
            if (peek() == '{' || peek() == '[' && !afterTerm) {
                parts.add(bracketed());
                afterTerm = true;
            } else if (peek() == '[') {
                bracketed();
                if (!parts.isEmpty() && parts.getLast() instanceof Reference) {
                    parts.removeLast();
                }
                opaque++;
            } else if (peek() == '(') {
                parts.addAll(arguments());
                afterTerm = true;
            } else if (peek() == '"') {
                parts.add(new Text(string()));
                afterTerm = true;
            } else if (heredoc.lookingAt()) {
                Matcher last = Pattern.compile("(?m)^[ \\t]*" + heredoc.group(2) + "$").matcher(text);
                if (!last.find(heredoc.end())) {
                    throw wrong("unfinished heredoc");
                }
                String lines = text.substring(heredoc.end(), last.start()).stripTrailing();
                parts.add(new Heredoc(heredoc.group(1).isEmpty() ? lines : lines.stripIndent()));
                at = last.end();
                afterTerm = true;
            } else if (name.lookingAt()) {
                at = name.end();
                parts.add(peek() == '(' ? new Call(name.group(), arguments()) : new Reference(name.group()));
                afterTerm = true;
            } else {
                if (peek() == '?') {
                    parts.clear(); // only decided
                }
                afterTerm = Character.isLetterOrDigit(peek()) || peek() == ')';
                at++;
                opaque++;
            }
            termEnd = at;
        }
        return parts.size() == 1 && opaque == 0 ? parts.getFirst() : parts.isEmpty() ? OPAQUE : new Parts(parts);
    }

    private boolean ends(boolean overLines) {
        return at >= text.length() || ",)]}".indexOf(peek()) >= 0 || peek() == '\n' && !overLines;
    }

    private List<Value> arguments() {
        take('(');
        List<Value> arguments = new ArrayList<>();
        for (skip(true); peek() != ')'; skip(true)) {
            arguments.add(expression(true));
            separator();
        }
        take(')');
        return arguments;
    }

    private Value bracketed() {
        char close = peek() == '{' ? '}' : ']';
        at++;
        skip(true);
        if (text.startsWith("for ", at)) {
            while (peek() != close) {
                expression(true);
                separator();
            }
            take(close);
            return OPAQUE;
        }
        Map<String, Value> keys = new LinkedHashMap<>();
        List<Value> values = new ArrayList<>();
        for (; peek() != close; skip(true)) {
            if (close == ']') {
                values.add(expression(true));
            } else {
                String key = peek() == '"' ? string() : peek() == '(' ? arguments().toString() : name();
                skip(false);
                at++;
                keys.put(key, expression(false));
            }
            separator();
        }
        take(close);
        return close == ']' ? new Items(values) : new Literal(keys);
    }

    private void separator() {
        skip(true);
        if (peek() == ',') {
            at++;
        }
    }

    private String name() {
        Matcher name = NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw wrong("expected a name");
        }
        at = name.end();
        return name.group();
    }

    /** A quoted string, as it is written, with the templates in it. */
    private String string() {
        int from = ++at;
        for (int depth = 0; depth > 0 || peek() != '"'; at++) {
            if (at >= text.length()) {
                throw wrong("unfinished string");
            } else if (depth == 0 && peek() == '\\' || text.startsWith("$${", at)) {
                at++;
            } else if (text.startsWith("${", at)) {
                at++;
                depth++;
            } else if (depth > 0 && peek() == '"') {
                string();
                at--;
            } else if (depth > 0 && peek() == '{') {
                depth++;
            } else if (depth > 0 && peek() == '}') {
                depth--;
            }
        }
        return text.substring(from, at++);
    }

    private void skip(boolean lines) {
        for (; at < text.length(); at++) {
            if (peek() == '#' || text.startsWith("//", at)) {
                at = end("\n") - 1;
            } else if (text.startsWith("/*", at)) {
                at = end("*/") + 1;
            } else if (!(peek() == '\n' ? lines : Character.isWhitespace(peek()))) {
                return;
            }
        }
    }

    private int end(String mark) {
        int found = text.indexOf(mark, at);
        return found < 0 ? text.length() : found;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void take(char expected) {
        if (peek() != expected) {
            throw wrong("expected " + expected);
        }
        at++;
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException("line " + text.substring(0, Math.min(at, text.length())).lines().count() + ": " + what);
    }
}
