"""How much less would people ask of the practice if social care passed nothing on to it?"""

from pcqa_sim.report.passedon import passed_on

HYPOTHESIS = passed_on("Social care is failing", "social care", "social_care_generated")
