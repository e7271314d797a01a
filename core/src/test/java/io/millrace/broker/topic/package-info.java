/// Tests of topics through the broker's front door.
@NullMarked
package io.millrace.broker.topic;

import org.jspecify.annotations.NullMarked;
