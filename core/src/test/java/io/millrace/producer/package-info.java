/// Tests of what a partition knows of producers.
@NullMarked
package io.millrace.producer;

import org.jspecify.annotations.NullMarked;
