package webapp.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** Reads a request's body strictly: API Gateway's models skip a body whose content type they do not know, so nothing is taken for granted. */
final class JsonBody {
    /** A body larger than this is refused before it is parsed. */
    static final int MAXIMUM_BYTES = 16 * 1024;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(64)
                    // A name is repeated in every pointer below it.
                    .maxNameLength(128)
                    .build())
            .build();

    private JsonBody() {}

    static Fields of(Request request) {
        requireJson(request.header("Content-Type"));
        if (request.body() == null || request.body().isEmpty()) {
            throw invalid("", "is missing");
        }
        try (JsonParser json = parser(request)) {
            return parse(json);
        } catch (StreamConstraintsException e) {
            throw invalid("", "is nested too deeply, or has a number of too many digits or a name of too many characters");
        } catch (JsonProcessingException | CharConversionException e) {
            // Its message may quote the body: only the place is told.
            throw invalid("", "is not valid JSON" + place(e));
        } catch (IOException e) {
            throw ProblemException.internalError(e);
        }
    }

    private static JsonParser parser(Request request) throws IOException {
        byte[] bytes;
        try {
            // A character is at least one byte: no need to encode what is too large already.
            bytes = request.base64Encoded()
                    ? Base64.getDecoder().decode(request.body())
                    : request.body().length() > MAXIMUM_BYTES
                            ? new byte[MAXIMUM_BYTES + 1]
                            : request.body().getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("", "is not valid base64");
        }
        if (bytes.length > MAXIMUM_BYTES) {
            throw new ProblemException(ProblemType.CONTENT_TOO_LARGE, "The request body is too large.");
        }
        return STRICT.createParser(bytes);
    }

    private static Fields parse(JsonParser json) throws IOException {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw invalid("", "is missing");
        }
        List<FieldError> errors = new ArrayList<>();
        Object value = value(json, "", errors);
        if (json.nextToken() != null) {
            throw invalid("", "is more than one JSON value");
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalidRequest(errors);
        }
        if (first != JsonToken.START_OBJECT) {
            throw invalid("", "must be an object");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> members = (Map<String, Object>) value;
        return new Fields(members);
    }

    private static Object value(JsonParser json, String pointer, List<FieldError> errors) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (Fields.hasHalfSurrogatePair(name)) {
                        throw invalid(pointer, "must not have a name with half a surrogate pair");
                    }
                    String member = pointer + FieldError.step(name);
                    json.nextToken();
                    if (members.containsKey(name)) {
                        errors.add(new FieldError(member, "is given twice"));
                    }
                    members.put(name, value(json, member, errors));
                }
                return members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(json, pointer + "/" + elements.size(), errors));
                }
                return elements;
            }
            case VALUE_STRING -> {
                return json.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                try {
                    return json.getDecimalValue();
                } catch (NumberFormatException e) {
                    // The parser looks at an exponent only here, and throws past its own exceptions.
                    throw invalid(pointer, "is a number out of range");
                }
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return json.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> throw new JsonParseException(json, "unexpected token");
        }
    }

    private static void requireJson(String contentType) {
        if (contentType != null) {
            String[] parts = contentType.split(";", -1);
            if (parts[0].strip().equalsIgnoreCase("application/json")) {
                for (int i = 1; i < parts.length; i++) {
                    String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                    if (parameter.startsWith("charset=")
                            && !parameter.substring("charset=".length()).replace("\"", "").equals("utf-8")) {
                        throw unsupportedMediaType();
                    }
                }
                return;
            }
        }
        throw unsupportedMediaType();
    }

    private static ProblemException unsupportedMediaType() {
        return new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the request body as application/json.");
    }

    private static ProblemException invalid(String pointer, String detail) {
        return ProblemException.invalidRequest(List.of(new FieldError(pointer, detail)));
    }

    private static String place(IOException e) {
        return e instanceof JsonProcessingException syntax && syntax.getLocation() != null
                ? " (line " + syntax.getLocation().getLineNr() + ", column " + syntax.getLocation().getColumnNr() + ")"
                : "";
    }
}
