"""How much less would people ask of the practice if the hospital passed nothing on to it?"""

from pcqa_sim.report.passedon import passed_on

HYPOTHESIS = passed_on("Secondary care shifts the burden onto us", "the hospital", "hospital_generated")
