package webapp.api.users;

import webapp.core.http.Fields;

/**
 * A valid request to store a profile; the rules are those of a {@link Registration}.
 *
 * @param phone null if it is not given
 */
record ProfileContent(String name, String phone) {
    /** @throws webapp.core.problem.ProblemException 400 with every error */
    static ProfileContent of(Fields fields) {
        String name = fields.text("name");
        String phone = fields.optionalText("phone");
        Registration.checkName(name, fields);
        Registration.checkPhone(phone, fields);
        fields.check();
        return new ProfileContent(name, phone);
    }
}
