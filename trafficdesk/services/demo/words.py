"""What the demo's citizens and officers write, in English and in Tamil."""

from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Violation

# {vehicle} such as "white hatchback", {road} such as "Cross Cut Road".
SAID: dict[Violation, tuple[str, ...]] = {
    Violation.SIGNAL_JUMP: (
        (
            "The {vehicle} went through when it was fully red. Two people were on the crossing and "
            "had to stop. It did not slow down."
        ),
        "Jumped the signal at {road} and nearly hit a school van. This happens here every day.",
        "Light had been red for four seconds when this {vehicle} crossed.",
        "சிக்னல் சிவப்பாக இருந்தபோது இந்த வண்டி நிற்காமல் சென்றது. இரண்டு பேர் சாலையைக் கடந்து கொண்டிருந்தார்கள்.",
    ),
    Violation.NO_HELMET: (
        "Rider and pillion without helmets on {road}, with a child in between.",
        "No helmet, and riding fast in heavy traffic.",
        "ஹெல்மெட் இல்லாமல் வேகமாக ஓட்டுகிறார்.",
        "Helmet was hanging from the handlebar.",
    ),
    Violation.ILLEGAL_PARKING: (
        "{vehicle} parked right under the no-parking board since morning. Buses cannot pull in.",
        "Parked on the bend of {road}; everybody has to swing into oncoming traffic.",
        "நோ பார்க்கிங் பலகைக்குக் கீழே வண்டி நிறுத்தப்பட்டுள்ளது. பேருந்து நிற்க இடமில்லை.",
        "Blocks the entrance of the clinic. The driver is in the shop opposite.",
    ),
    Violation.WRONG_SIDE: (
        "Came against the traffic on {road} to avoid the U-turn. I had to brake hard.",
        "{vehicle} driving on the wrong side, with headlamps on.",
        "எதிர் திசையில் வந்து விபத்து ஏற்படும் நிலை உண்டானது.",
    ),
    Violation.MOBILE_USE: (
        "On the phone the whole way along {road}, steering with one hand.",
        "Driver held the phone at the ear and did not see the bus stopping.",
        "கைப்பேசியில் பேசிக்கொண்டே வண்டி ஓட்டுகிறார்.",
    ),
    Violation.TRIPLE_RIDING: (
        "Three on one bike, none of them with a helmet.",
        "Three college students on one scooter, weaving between the buses on {road}.",
        "ஒரே வண்டியில் மூன்று பேர், யாருக்கும் ஹெல்மெட் இல்லை.",
    ),
    Violation.SPEED: (
        "Far too fast for {road}, overtook me on the left.",
        "This {vehicle} races here every night. Please put up a camera.",
    ),
    Violation.RASH_DRIVING: (
        "Cut between the car and the auto at speed, leaning over, horn all the time.",
        "Dangerous overtaking on {road}. An old man fell from his bicycle and was lucky.",
        "மிகவும் ஆபத்தான முறையில் முந்திச் சென்றார்.",
    ),
    Violation.NO_SEAT_BELT: (
        "Driver and front passenger without belts.",
        "No seat belt, child standing on the front seat.",
    ),
    Violation.NO_ENTRY: (
        "Drove past the no-entry board into {road} as if it was not there.",
        "ஒருவழிப் பாதையில் எதிர் திசையில் நுழைந்தது.",
    ),
    Violation.DRUNK_DRIVING: (
        "Swerved over both lanes and hit the barrier near {road}. Driver could hardly stand.",
        "Came out of the bar and drove off, could not keep to the lane.",
    ),
    Violation.OVERLOADING: (
        "Lorry loaded far above the cab, sacks hanging over both sides. One fell off on {road}.",
        "அளவுக்கு மீறிய சுமையுடன் லாரி செல்கிறது.",
    ),
    Violation.DEFECTIVE_PLATE: (
        "Number plate smeared so that nobody can read it.",
        "Half of the number is covered with mud, I think on purpose.",
    ),
    Violation.FOOTPATH_RIDING: (
        "Rides on the footpath of {road} when the signal is red. People have to jump aside.",
        "நடைபாதையில் வண்டி ஓட்டுகிறார்; மக்கள் நடக்க முடியவில்லை.",
    ),
    Violation.OTHER: (
        "Stopped on the crossing and let passengers out.",
        "Blowing the air horn beside the hospital on {road}.",
    ),
}
RECORDED = "Recorded by the roadside camera."
APPROVED_NOTES = (
    "", "", "", "Plate and offence clear in both pictures.", "Seen in two frames.",
    "Matches the register.", "Signal phase checked with the junction log.",
)  # fmt: skip
REJECTED_NOTES: dict[RejectionReason, str] = {
    RejectionReason.NO_OFFENCE: "The lamp was still amber.",
    RejectionReason.PLATE_UNREADABLE: "No frame shows more than two figures.",
    RejectionReason.NOT_AS_REPORTED: "The picture shows another vehicle.",
    RejectionReason.OFFICER_DIRECTING: "Our officer waved the lane through.",
    RejectionReason.PLACE_OR_TIME_DOUBTFUL: "Picture was taken hours before, elsewhere.",
    RejectionReason.PHOTO_REUSED: "Same picture as in an earlier report.",
    RejectionReason.EMERGENCY_VEHICLE: "Ambulance on duty.",
    RejectionReason.OTHER: "",
}
QUESTIONS = (
    "Please send a picture that shows the plate.",
    "Which lane was the vehicle in?",
    "Did you see the signal change? At what time?",
    "Is there a second picture, taken a little later?",
)
ESCALATION_NOTES = ("Third time this week.", "Injury possible, please decide.", "Police vehicle?")
# What a supervisor writes who would have decided that instead.
SECOND_NOTES: dict[ReportStatus, str] = {
    ReportStatus.APPROVED: "The second photo shows it plainly.",
    ReportStatus.REJECTED: "The lamp is not in the picture.",
}
