/// The seam between the broker and what runs queries, and the resources of queries.
@NullMarked
package io.millrace.broker.query;

import org.jspecify.annotations.NullMarked;
