/// What clients ask about the cluster and its topics.
@NullMarked
package io.millrace.gateway.kafka.metadata;

import org.jspecify.annotations.NullMarked;
