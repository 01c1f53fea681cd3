"""A machine that is on or off: a counter that wraps around, and one claim about each event and mode."""

MACHINE = """\
variables:
  output_on: {type: boolean, initial: false}
  count: {type: integer, range: [0, 5], overflow: wrap, initial: 0}
events: {start: {}, stop: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true, count: count + 1}}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
properties:
  counts: {sentence: "the ipg shall always satisfy count <= 2"}
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy not output_on"}
"""
