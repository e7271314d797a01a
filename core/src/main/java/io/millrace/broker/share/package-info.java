/// What share groups drain: groups by the offsets of their partitions.
@NullMarked
package io.millrace.broker.share;

import org.jspecify.annotations.NullMarked;
