package io.millrace.example.retail;

/// How many pieces of an article there are at a location from now on.
record Change(String location, String sku, int quantity) {
    /// The key in the table of the stores.
    String key() {
        return location + "/" + sku;
    }
}
