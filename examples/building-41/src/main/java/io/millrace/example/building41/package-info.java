/// A building that lives: people, air, gas and smoke in 24 rooms, and the sensors that report them.
///
/// The model ([Simulation]) is a function of a seed and a start time and does no input or output;
/// [Publisher] carries its signals to a server over HTTP.
@NullMarked
package io.millrace.example.building41;

import org.jspecify.annotations.NullMarked;
