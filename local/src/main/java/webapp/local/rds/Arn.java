package webapp.local.rds;

/** An ARN of RDS, {@code arn:aws:rds:eu-central-1:111122223333:snapshot:shop-1}; the identifier may have colons ({@code rds:shop-1}). */
record Arn(String region, String account, String type, String identifier) {
    private static final int PARTS = 7;

    /** @return null when it is none of this type, or none at all; any type for null */
    static Arn parse(String text, String type) {
        String[] parts = text.split(":", PARTS);
        if (parts.length < PARTS || !parts[0].equals("arn") || !parts[2].equals("rds") || !(type == null || parts[5].equals(type))) {
            return null;
        }
        return new Arn(parts[3], parts[4], parts[5], parts[6]);
    }
}
